using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using MeshIoT.Health;

namespace MeshIoT.Sensors.Programs;

/// <summary>
/// A sensor whose values programs write to a unix socket, a line of JSON each: at once when they have them, with their own time if they like. Several
/// entries share a socket; hardware/sensors/exec.md.
/// </summary>
public sealed class SocketDevice : SensorDevice
{
    /// <summary>Lines that wait to be read; a writer beyond that waits too.</summary>
    const int MostWaiting = 256;

    /// <summary>So many readings without a line, and the sensor is silent.</summary>
    const int Patience = 3;

    readonly record struct Line(double[] Values, long UnixMs);

    readonly SensorEntry entry;
    readonly IReadOnlyList<EntryChannel> channels;
    readonly string path;
    readonly UnixFileMode mode;
    readonly Queue<Line> waiting = new();
    readonly double[] last;
    readonly long[] times;
    SensorSocket? socket;
    int silent;

    SocketDevice(SensorEntry entry, IReadOnlyList<EntryChannel> channels)
        : base(EntryChannel.Describe(entry, channels), "sockets")
    {
        EntryOptions options = new(entry.Options, entry.Origin);
        path = options.Text("path", DefaultPath);
        if (path.Length is 0 or > 100 || path[0] != '/')
        {
            throw options.Malformed("path", "the whole path of a socket, at most 100 characters");
        }

        string text = options.Text("mode", "660");
        if (text.Length is < 3 or > 4 || text.AsSpan().IndexOfAnyExceptInRange('0', '7') >= 0 || text is ['1' or '2' or '3' or '4' or '5' or '6' or '7', _, _, _])
        {
            throw options.Malformed("mode", "who may write to it, as chmod has it: \"660\" or \"666\"");
        }

        mode = (UnixFileMode)Convert.ToInt32(text, 8);
        (this.entry, this.channels) = (entry, channels);
        (last, times) = (new double[channels.Count], new long[channels.Count]);
        Array.Fill(last, double.NaN);
    }

    /// <summary>The socket of entries that name none.</summary>
    public static string DefaultPath { get; set; } = "/run/meshiot/sensors.sock";

    /// <summary>The driver <c>socket</c>.</summary>
    public static IReadOnlyList<Driver> Drivers { get; } =
    [
        new Driver("socket", "values that programs write to a unix socket, a line of JSON each", static (entry, _) => new SocketDevice(entry, ProgramValues.Read(entry)))
        {
            Bus = "program",
            Options = new Dictionary<string, string>
            {
                ["values"] = ProgramValues.Expects,
                ["path"] = "the whole path of a socket; /run/meshiot/sensors.sock where it is left out",
                ["mode"] = "who may write to it, as chmod has it: \"660\" or \"666\"; the first entry of a socket says",
            },
        },
    ];

    /// <summary>The entry's id, as lines name it.</summary>
    internal string Id => entry.Id;

    /// <inheritdoc/>
    public override FaultReport? Read(long unixMs, Span<double> values)
    {
        try
        {
            socket ??= SensorSocket.Join(path, mode, this);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            return Faults.SensorSilent.With(entry.Id, $"its socket {path} cannot be opened: {e.Message}");
        }

        bool more;
        lock (waiting)
        {
            if (waiting.TryDequeue(out Line line))
            {
                silent = 0;
                for (int i = 0; i < last.Length; i++)
                {
                    if (double.IsFinite(line.Values[i]))
                    {
                        (last[i], times[i]) = (line.Values[i], line.UnixMs);
                    }
                }
            }
            else if (++silent > Patience)
            {
                return Faults.SensorSilent.With(entry.Id, string.Create(CultureInfo.InvariantCulture, $"nothing has been written to {path} for it{socket.Refusals()}"));
            }

            more = waiting.Count > 0;
        }

        last.CopyTo(values);
        if (more)
        {
            AskToBeRead();
        }

        return null;
    }

    /// <inheritdoc/>
    public override long TimeOf(int channel, long unixMs) => times[channel];

    /// <inheritdoc/>
    public override void TakeOver(SensorDevice before)
    {
        if (before is not SocketDevice other)
        {
            return;
        }

        for (int i = 0; i < last.Length; i++)
        {
            for (int k = 0; k < other.last.Length; k++)
            {
                if (channels[i] == other.channels[k])
                {
                    (last[i], times[i]) = (other.last[k], other.times[k]);
                }
            }
        }

        if (other.socket is { } open && other.path == path)
        {
            // It stays open, and writers connected.
            other.socket = null;
            open.Replace(other, this);
            socket = open;
        }

        lock (other.waiting)
        {
            while (channels.SequenceEqual(other.channels) && other.waiting.TryDequeue(out Line line))
            {
                waiting.Enqueue(line);
            }
        }
    }

    /// <summary>Takes the values of a line that is for this sensor.</summary>
    /// <param name="json">The line.</param>
    /// <param name="nowUnixMs">When it came.</param>
    /// <param name="isFull">True when the line has to wait: nothing was taken.</param>
    /// <returns>Null, or what is wrong with it.</returns>
    internal string? Offer(ReadOnlyMemory<byte> json, long nowUnixMs, out bool isFull)
    {
        double[] values = new double[channels.Count];
        Array.Fill(values, double.NaN);
        isFull = false;
        string? trouble = ReadingLine.Read(json, channels, nowUnixMs, values, out long? unixMs);
        if (trouble is not null)
        {
            return trouble;
        }

        lock (waiting)
        {
            isFull = waiting.Count >= MostWaiting;
            if (!isFull)
            {
                waiting.Enqueue(new Line(values, unixMs ?? nowUnixMs));
            }
        }

        AskToBeRead();
        return null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        socket?.Leave(this);
        socket = null;
    }
}
