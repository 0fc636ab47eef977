using System;
using System.IO;
using MeshIoT.Health;

namespace MeshIoT.Cli.Output;

/// <summary>Reads a text that shall be sent.</summary>
internal static class TextFile
{
    const int MaxChars = 1024 * 1024;

    /// <summary>The text of a file; <c>-</c> is standard input.</summary>
    /// <exception cref="FaultException">It cannot be read, or is larger than anybody takes.</exception>
    public static string Read(string path)
    {
        try
        {
            if (path == "-")
            {
                return ReadAll(Console.In, path);
            }

            using StreamReader file = new(path);
            return ReadAll(file, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Faults.InputFileUnreadable.With(path, e is FileNotFoundException or DirectoryNotFoundException ? "it does not exist" : "it cannot be opened").ToException(e);
        }
    }

    static string ReadAll(TextReader from, string path)
    {
        char[] text = new char[MaxChars + 1];
        int length = from.ReadBlock(text);
        return length <= MaxChars ? new string(text, 0, length) : throw Faults.InputFileUnreadable.With(path, "it is larger than 1 MiB").ToException();
    }
}
