using System;
using System.Globalization;
using System.IO;

namespace MeshIoT.Cli.Output;

/// <summary>How far an export is: one line that is written anew on a terminal, and a last one everywhere.</summary>
/// <param name="to">Where it is said: standard error.</param>
/// <param name="isTerminal">Whether a line can be written anew.</param>
/// <param name="sensors">How many sensors there are.</param>
/// <param name="from">The beginning of the time, milliseconds since 1970.</param>
/// <param name="until">Its end.</param>
internal sealed class ExportProgress(TextWriter to, bool isTerminal, int sensors, long from, long until)
{
    long said = Environment.TickCount64, values;
    bool hasLine;

    /// <summary>A line of a sensor has come; its time says how far this sensor is.</summary>
    public void Note(int sensor, string line, long all)
    {
        values = all;
        if (!isTerminal || Environment.TickCount64 - said < 200)
        {
            return;
        }

        said = Environment.TickCount64;
        int comma = line.IndexOf(',', StringComparison.Ordinal);
        double part = comma > 0 && DateTimeOffset.TryParse(line.AsSpan(0, comma), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            ? Math.Clamp((at.ToUnixTimeMilliseconds() - from) / (double)Math.Max(1, until - from), 0, 1) : 0;
        to.Write(string.Create(CultureInfo.InvariantCulture, $"\r  Exporting: {100 * (sensor + part) / sensors:0} %, {all} values  "));
        hasLine = true;
    }

    /// <summary>All is there.</summary>
    public void End(string path)
    {
        to.Write(hasLine ? "\r" : "");
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"meshiot: {values} values of {sensors} sensor{(sensors == 1 ? "" : "s")} are in {path}.{(hasLine ? "          " : "")}"));
    }
}
