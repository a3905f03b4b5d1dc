package dev.nixosoperator.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file cannot be read or written, in words: the exceptions of {@code java.nio.file} often say only the path. */
final class Trouble {
    private Trouble() {}

    static String told(IOException e) {
        return switch (e) {
            case NoSuchFileException absent -> "there is no such file or directory";
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException other -> "there is a file of that name";
            case CharacterCodingException binary -> "not UTF-8 text";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
