using System;
using System.IO;

namespace MeshIoT.Linux.Files;

/// <summary>
/// A file that is the old one or the new one whenever the power goes: a temporary file is written, fsynced and renamed over it,
/// and the directory is fsynced.
/// </summary>
public static class AtomicFile
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Replaces the file, readable by its owner only. Throws <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>.</summary>
    /// <param name="path">The file; its directory exists.</param>
    /// <param name="bufferSize">Bytes that are gathered before they go to the system; 0: none.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="afterStep">Called between the steps with the step's name; a test breaks it there.</param>
    public static void Replace(string path, int bufferSize, Action<FileStream> write, Action<string>? afterStep = null)
    {
        string temporary = path + ".new";
        FileStreamOptions options = new()
        {
            Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnerOnly, BufferSize = bufferSize,
        };
        using (FileStream file = new(temporary, options))
        {
            afterStep?.Invoke("created");
            write(file);
            afterStep?.Invoke("written");
            file.Flush(flushToDisk: true);
        }

        afterStep?.Invoke("flushed");
        File.Move(temporary, path, overwrite: true);
        afterStep?.Invoke("renamed");
        DirectorySync.Flush(Path.GetDirectoryName(path)!);
    }
}
