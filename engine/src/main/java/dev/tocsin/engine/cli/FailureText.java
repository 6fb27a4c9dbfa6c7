package dev.tocsin.engine.cli;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.zip.ZipException;
import reactor.netty.ChannelBindException;

/** Failures of files and sockets in a user's words, without the names of Java's classes. */
final class FailureText {

  private FailureText() {}

  /** Why a file cannot be read or written. */
  static String of(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "no such file or folder";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "file already exists";
      case FileSystemException reason when reason.getReason() != null ->
          lowerCase(reason.getReason());
      case ZipException _ -> "damaged gzip file";
      case EOFException _ -> "truncated gzip file";
      default -> failure.getMessage() == null ? "I/O error" : failure.getMessage();
    };
  }

  /** Why an address cannot be listened on, and how to choose another. */
  static String of(ChannelBindException failure, String option) {
    String cause = String.valueOf(failure.getCause());
    String reason = "not an address of this host. Choose another with " + option;
    if (cause.contains("in use")) {
      reason = "address in use. Stop the process that uses it, or choose another with " + option;
    } else if (cause.contains("denied")) {
      reason = "permission denied for this port. Choose another with " + option;
    }
    return "Cannot listen on " + failure.localHost() + ":" + failure.localPort() + ": " + reason;
  }

  private static String lowerCase(String reason) {
    return Character.toLowerCase(reason.charAt(0)) + reason.substring(1);
  }
}
