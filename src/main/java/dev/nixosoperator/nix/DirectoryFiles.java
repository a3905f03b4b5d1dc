package dev.nixosoperator.nix;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** A cache in a directory of this machine. */
record DirectoryFiles(Path directory) implements CacheFiles {
    @Override
    public Answer<InputStream, CacheFailure> open(String file) {
        try {
            return Answer.is(Files.newInputStream(directory.resolve(file)));
        } catch (NoSuchFileException | NotDirectoryException notThere) {
            return Answer.not(new CacheFailure.NotFound(url(file)));
        } catch (IOException unreadable) {
            return Answer.not(new CacheFailure.CacheUnavailable(url(file), unreadable.toString()));
        }
    }

    @Override
    public String url(String file) {
        return directory.resolve(file).toString();
    }
}
