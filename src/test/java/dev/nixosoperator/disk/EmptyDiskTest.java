package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Only a probe that could read everything and found nothing makes a disk empty. */
class EmptyDiskTest {
    private static final String NOTHING = "'signatures':{'signatures':[]},";

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    nothing anywhere               | true  | {'kname':'vda','blkid':2,NOTHING'zeroFirst':true,'zeroLast':true}
                    no probe                       | false |
                    a probe of another disk        | false | {'kname':'vdb','blkid':2,NOTHING'zeroFirst':true,'zeroLast':true}
                    blkid found something          | false | {'kname':'vda','blkid':0,NOTHING'zeroFirst':true,'zeroLast':true}
                    blkid found too much to tell   | false | {'kname':'vda','blkid':8,NOTHING'zeroFirst':true,'zeroLast':true}
                    blkid did not run              | false | {'kname':'vda',NOTHING'zeroFirst':true,'zeroLast':true}
                    wipefs found something         | false | {'kname':'vda','blkid':2,'signatures':{'signatures':[{'type':'zfs_member'}]},'zeroFirst':true,'zeroLast':true}
                    wipefs did not run             | false | {'kname':'vda','blkid':2,'zeroFirst':true,'zeroLast':true}
                    unknown data at the beginning  | false | {'kname':'vda','blkid':2,NOTHING'zeroFirst':false,'zeroLast':true}
                    unknown data at the end        | false | {'kname':'vda','blkid':2,NOTHING'zeroFirst':true,'zeroLast':false}
                    the beginning was not readable | false | {'kname':'vda','blkid':2,NOTHING'zeroLast':true}
                    the end was not readable       | false | {'kname':'vda','blkid':2,NOTHING'zeroFirst':true}
                    """)
    void isEmpty(String found, boolean empty, @org.jspecify.annotations.Nullable String probe) {
        String document =
                """
                {'version':1,'lsblk':{'blockdevices':[{'name':'vda','kname':'vda','path':'/dev/vda','type':'disk','size':1073741824}]},
                'probes':[%s],'links':[],'pvs':[]}"""
                        .formatted(probe == null ? "" : probe.replace("NOTHING", NOTHING));
        BlockDevices machine = BlockDevices.parse(document.replace('\'', '"'));
        assertThat(machine.disks())
                .singleElement()
                .extracting(BlockDevice::empty)
                .isEqualTo(empty);
    }
}
