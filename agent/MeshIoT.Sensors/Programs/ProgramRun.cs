using System;
using System.Collections.Generic;
using System.Threading;
using MeshIoT.Linux;
using MeshIoT.Linux.Processes;

namespace MeshIoT.Sensors.Programs;

/// <summary>
/// Runs a program to its end and takes what it prints: bounded in time and size. It is ended with all it started when its time is over, when it prints
/// too much, or when <see cref="Stop"/> is called; and what it leaves running in the background when it ends.
/// </summary>
internal sealed class ProgramRun(IReadOnlyList<string> command, string? directory, IReadOnlyList<string> environment, TimeSpan timeout) : IDisposable
{
    /// <summary>More than any reading needs.</summary>
    public const int MostOutput = 64 * 1024;

    const int MostErrors = 4096;

    /// <summary>How long a killed program may take to go.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly Lock gate = new();
    ChildProcess? lingering;
    Poller? waiting;
    volatile bool isStopped;

    /// <summary>Runs it.</summary>
    /// <param name="output">What it printed; at most <see cref="MostOutput"/> bytes.</param>
    /// <returns>Null when it ended by itself with code 0; otherwise what happened.</returns>
    public string? Run(out byte[] output)
    {
        output = [];
        if (lingering is { } before)
        {
            if (!before.HasEnded(out _))
            {
                return "the run before cannot be ended: it hangs in the kernel";
            }

            before.Dispose();
            lingering = null;
        }

        ChildProcess? child = ChildProcess.Start(command, directory, environment, out string trouble);
        if (child is null)
        {
            return $"{command[0]} cannot be started: {trouble}";
        }

        byte[] printed = new byte[MostOutput + 1], errors = new byte[MostErrors];
        int length = 0, errorLength = 0;
        string? why;
        try
        {
            why = Follow(child, printed, ref length, errors, ref errorLength);
        }
        finally
        {
            // What it left in the background too.
            child.Kill();
        }

        int code = End(child);
        output = printed[..Math.Min(length, MostOutput)];
        return why ?? (code == 0 ? null : $"it ended with code {code}{Said(errors.AsSpan(0, errorLength))}");
    }

    /// <summary>Ends the run that is under way, on another thread; no other begins.</summary>
    public void Stop()
    {
        lock (gate)
        {
            isStopped = true;
            waiting?.Wake();
        }
    }

    public void Dispose() => Stop();

    string? Follow(ChildProcess child, byte[] printed, ref int length, byte[] errors, ref int errorLength)
    {
        bool hasOutput = true, hasErrors = true;
        long deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        byte[] surplus = new byte[512];
        while (true)
        {
            // A descriptor of -1 is passed over by poll(2).
            using Poller poller = new(hasOutput ? child.Output : -1, hasErrors ? child.Errors : -1, child.Exit);
            lock (gate)
            {
                waiting = poller;
            }

            try
            {
                while (true)
                {
                    long left = deadline - Environment.TickCount64;
                    if (isStopped || left <= 0)
                    {
                        return isStopped ? "it was ended with the gateway" : $"it took longer than {timeout.TotalSeconds:0.###} s and was ended";
                    }

                    // Without a descriptor for its end (old kernels) it is looked at from time to time.
                    poller.Wait(child.Exit >= 0 ? left : Math.Min(left, 50));
                    bool outputBefore = hasOutput, errorsBefore = hasErrors;
                    hasOutput = hasOutput && Take(child.ReadOutput(length < printed.Length ? printed.AsSpan(length) : surplus), ref length);
                    if (length > MostOutput)
                    {
                        return $"it printed more than {MostOutput / 1024} KiB and was ended";
                    }

                    // Errors beyond what is kept are read and forgotten.
                    int ignored = 0;
                    hasErrors = hasErrors && (errorLength < errors.Length ? Take(child.ReadErrors(errors.AsSpan(errorLength)), ref errorLength) : Take(child.ReadErrors(surplus), ref ignored));
                    if ((child.Exit < 0 || poller.IsReady(2)) && child.IsOver)
                    {
                        Drain(child, printed, ref length, errors, ref errorLength);
                        return length > MostOutput ? $"it printed more than {MostOutput / 1024} KiB" : null;
                    }

                    if (hasOutput != outputBefore || hasErrors != errorsBefore)
                    {
                        break;
                    }
                }
            }
            finally
            {
                lock (gate)
                {
                    waiting = null;
                }
            }
        }
    }

    static bool Take(int count, ref int length)
    {
        length += Math.Max(count, 0);
        return count != 0;
    }

    // What still lies in the pipes; a child of its own in the background does not keep this waiting.
    static void Drain(ChildProcess child, byte[] printed, ref int length, byte[] errors, ref int errorLength)
    {
        int count;
        while (length < printed.Length && (count = child.ReadOutput(printed.AsSpan(length))) > 0)
        {
            length += count;
        }

        while (errorLength < errors.Length && (count = child.ReadErrors(errors.AsSpan(errorLength))) > 0)
        {
            errorLength += count;
        }
    }

    int End(ChildProcess child)
    {
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        int code, pause = 1;
        while (!child.HasEnded(out code))
        {
            if (Environment.TickCount64 > deadline)
            {
                lingering = child;
                return 0;
            }

            Thread.Sleep(pause = Math.Min(pause * 2, 50));
        }

        child.Dispose();
        return code;
    }

    static string Said(ReadOnlySpan<byte> errors)
    {
        int end = errors.IndexOf((byte)'\n');
        string line = System.Text.Encoding.UTF8.GetString(end < 0 ? errors : errors[..end]).Trim();
        return line.Length == 0 ? "" : ": " + ReadingLine.Shorten(line);
    }
}
