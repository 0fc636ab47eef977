using System;

namespace MeshIoT.Agent;

/// <summary>One line per event on stderr; under the journal with its priority and without a time stamp of our own. Never a secret.</summary>
internal static class Log
{
    static readonly bool Journal = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };

    public static void Info(string line) => Write(6, line);

    public static void Warning(string line) => Write(4, line);

    public static void Error(string line) => Write(3, line);

    static void Write(int priority, string line) =>
        Console.Error.WriteLine(Journal ? $"<{priority}>{line}" : $"meshiotd: {line}");
}
