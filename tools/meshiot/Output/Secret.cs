using System;
using System.IO;
using MeshIoT.Health;

namespace MeshIoT.Cli.Output;

/// <summary>Takes a secret from where it cannot leak: a file, standard input, a prompt that does not echo.</summary>
internal static class Secret
{
    const int MaxChars = 4096;

    /// <summary>Reads what <paramref name="given"/> points to: <c>file:PATH</c>, <c>-</c> (standard input), or the text itself.</summary>
    /// <exception cref="FaultException">The file cannot be read, or nothing is in it.</exception>
    public static string Read(string given, string option)
    {
        string text;
        if (given == "-")
        {
            text = Console.IsInputRedirected ? ReadLine(Console.In) : Prompt();
        }
        else if (given.StartsWith("file:", StringComparison.Ordinal))
        {
            string path = given["file:".Length..];
            try
            {
                using StreamReader file = new(path);
                text = ReadLine(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                throw Faults.SecretFileUnreadable.With(path, e is FileNotFoundException or DirectoryNotFoundException ? "it does not exist" : "it cannot be opened").ToException(e);
            }
        }
        else
        {
            Console.Error.WriteLine($"meshiot: note: {option} on the command line can be seen in the process list; prefer {option} file:PATH or {option} -");
            text = given;
        }

        text = text.Trim();
        return text.Length > 0 ? text : throw Faults.SecretEmpty.With(option).ToException();
    }

    static string ReadLine(TextReader from)
    {
        char[] buffer = new char[MaxChars];
        int length = from.ReadBlock(buffer);
        string text = new string(buffer, 0, length).Trim();
        int end = text.IndexOfAny(['\r', '\n']);
        Array.Clear(buffer);
        return end < 0 ? text : text[..end];
    }

    static string Prompt()
    {
        Console.Error.Write("Claim or auth key (not shown): ");
        System.Text.StringBuilder typed = new();
        while (typed.Length < MaxChars)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                break;
            }

            if (key.Key == ConsoleKey.Backspace && typed.Length > 0)
            {
                typed.Length--;
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
