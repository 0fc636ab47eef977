using System;
using System.Collections.Generic;
using System.Text;
using MeshIoT.Health;

namespace MeshIoT.Sensors.Programs;

/// <summary>
/// A program as a sensor: it is run at each reading and prints its values as JSON. Without a shell, with a small environment, bounded in time and size;
/// hardware/sensors/exec.md. Each has a lane of its own, so that a slow one holds up no other.
/// </summary>
public sealed class ExecDevice : SensorDevice
{
    static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(10), ShortestTimeout = TimeSpan.FromMilliseconds(100), LongestTimeout = TimeSpan.FromMinutes(5);

    readonly SensorEntry entry;
    readonly IReadOnlyList<EntryChannel> channels;
    readonly ProgramRun run;

    ExecDevice(SensorEntry entry, IReadOnlyList<EntryChannel> channels)
        : base(EntryChannel.Describe(entry, channels), "exec " + entry.Id)
    {
        EntryOptions options = new(entry.Options, entry.Origin);
        IReadOnlyList<string> command = options.List("command", 64, 4096);
        if (command.Count == 0)
        {
            throw Faults.SettingMissing.With("command", "the entry", entry.Origin, "a program and its arguments: [\"/usr/local/bin/soil\", \"--json\"]").ToException();
        }

        string directory = options.Text("cwd");
        if (directory.Length > 0 && directory[0] != '/')
        {
            throw options.Malformed("cwd", "a folder's whole path");
        }

        (this.entry, this.channels) = (entry, channels);
        run = new ProgramRun(command, directory.Length > 0 ? directory : null, Environs(entry.Id), options.Time("timeout", UsualTimeout, ShortestTimeout, LongestTimeout));
    }

    /// <summary>The driver <c>exec</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("exec", "a program of your own that prints its values as a line of JSON", static (entry, _) => new ExecDevice(entry, ProgramValues.Read(entry)))
        {
            Bus = "program",
            Options = new Dictionary<string, string>
            {
                ["command"] = "a program and its arguments: [\"/usr/local/bin/soil\", \"--json\"]; no shell",
                ["values"] = ProgramValues.Expects,
                ["timeout"] = "a time from \"100ms\" to \"5m\" after which it is ended",
                ["cwd"] = "the folder it runs in",
            },
        },
    ];

    /// <inheritdoc/>
    public override FaultReport? Read(long unixMs, Span<double> values)
    {
        string? trouble = run.Run(out byte[] output);
        if (trouble is not null)
        {
            return Faults.SensorSilent.With(entry.Id, trouble);
        }

        ReadOnlyMemory<byte> text = Trim(output);
        if (text.IsEmpty)
        {
            return Faults.SensorSilent.With(entry.Id, "its program prints nothing");
        }

        // The whole output as one piece of JSON, or else its last line: programs like to chat before.
        trouble = ReadingLine.Read(text, channels, unixMs, values, out _);
        int line = text.Span.LastIndexOf((byte)'\n');
        if (trouble is not null && line >= 0)
        {
            values.Fill(double.NaN);
            trouble = ReadingLine.Read(Trim(text[(line + 1)..]), channels, unixMs, values, out _);
        }

        return trouble is null ? null : Faults.SensorNonsense.With(entry.Id, trouble);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => run.Dispose();

    static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> text)
    {
        ReadOnlySpan<byte> mark = Encoding.UTF8.Preamble;
        text = text.Span.StartsWith(mark) ? text[mark.Length..] : text;
        int start = text.Span.IndexOfAnyExcept(" \t\r\n"u8), end = text.Span.LastIndexOfAnyExcept(" \t\r\n"u8);
        return start < 0 ? default : text[start..(end + 1)];
    }

    // Little: what programs need to find others and their files, and which entry they are run for. Nothing of the gateway's own settings.
    static List<string> Environs(string id)
    {
        List<string> all = ["LANG=C.UTF-8", "MESHIOT_SENSOR=" + id, "PATH=" + (Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")];
        foreach (string name in (string[])["HOME", "TZ"])
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                all.Add(name + "=" + value);
            }
        }

        return all;
    }
}
