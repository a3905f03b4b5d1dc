package dev.nixosoperator.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nixosoperator.disk.Bytes;
import dev.nixosoperator.disk.Plan;
import dev.nixosoperator.disk.PlannedDisk;
import dev.nixosoperator.lifecycle.PlanHash;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a person approves, or a program reads.
 *
 * @param hash the one that the operator shows for a new object; null when the facts do not suffice for it
 * @param unknown what the facts do not tell
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PlanReport(
        @Nullable String hash,
        Approval approval,
        List<PlannedDisk> disks,
        List<String> warnings,
        List<String> unknown) {

    /** Who must approve. */
    enum Approval {
        NOBODY("nobody: the disks hold nothing, or nothing is written"),
        BY_POLICY("a person, unless install.wipePolicy is Allow"),
        ALWAYS("a person, always: a disk cannot be told from another by serial number or WWN");

        private final String words;

        Approval(String words) {
            this.words = words;
        }

        @JsonValue
        String word() {
            return switch (this) {
                case NOBODY -> "None";
                case BY_POLICY -> "ByPolicy";
                case ALWAYS -> "Always";
            };
        }
    }

    /** @param whole the facts are those that the operator reads, of a machine that is known */
    static PlanReport of(Plan plan, List<String> warnings, List<String> unknown, boolean whole) {
        Approval approval =
                plan.hasNameless() ? Approval.ALWAYS : plan.needsApproval() ? Approval.BY_POLICY : Approval.NOBODY;
        return new PlanReport(
                whole ? PlanHash.of(plan.hash(), 0) : null,
                approval,
                plan.disks(),
                Stream.concat(plan.warnings().stream(), warnings.stream()).toList(),
                unknown);
    }

    String json() {
        return new ObjectMapper().valueToTree(this).toPrettyString() + "\n";
    }

    String text() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("DISK", "DEVICE", "SIZE", "MODEL", "SERIAL", "WWN", "HOLDS", "HAPPENS"));
        disks.forEach(disk -> rows.add(List.of(
                disk.name(),
                disk.device(),
                Bytes.human(disk.size()),
                Columns.orDash(disk.model()),
                Columns.orDash(disk.serial()),
                Columns.orDash(disk.wwn()),
                disk.content(),
                disk.action())));
        var text = new StringBuilder(Columns.of(rows));
        disks.forEach(disk -> {
            text.append('\n').append(disk.name()).append(" becomes\n");
            disk.result().forEach(line -> text.append("  ").append(line).append('\n'));
        });
        text.append('\n');
        warnings.forEach(warning -> text.append("warning: ").append(warning).append('\n'));
        unknown.forEach(what -> text.append("unknown: ").append(what).append('\n'));
        text.append("plan: ")
                .append(hash == null ? "no hash, see unknown" : hash)
                .append('\n');
        return text.append("must approve: ").append(approval.words).append('\n').toString();
    }
}
