package dev.nixosoperator.nix;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** Writes what {@link WireInput} reads. */
final class WireOutput {
    private final OutputStream out;

    WireOutput(OutputStream out) {
        this.out = out;
    }

    WireOutput number(long number) throws IOException {
        byte[] word = new byte[WireInput.WORD];
        for (int n = 0; n < word.length; n++) {
            word[n] = (byte) (number >> (8 * n));
        }
        out.write(word);
        return this;
    }

    WireOutput string(byte[] bytes) throws IOException {
        number(bytes.length);
        out.write(bytes);
        out.write(new byte[-bytes.length & (WireInput.WORD - 1)]);
        return this;
    }

    WireOutput string(String text) throws IOException {
        return string(text.getBytes(StandardCharsets.UTF_8));
    }

    WireOutput strings(Collection<?> texts) throws IOException {
        number(texts.size());
        for (Object text : texts) {
            string(text.toString());
        }
        return this;
    }
}
