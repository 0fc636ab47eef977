using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Provisioning;

namespace MeshIoT.Cli.Output;

/// <summary>What values were, as one line of text: eight heights, a space where nothing was read. ASCII where the locale knows nothing else.</summary>
internal static class Sparkline
{
    const string Blocks = "▁▂▃▄▅▆▇█", Plain = "_.:-=+*#";

    /// <summary>Whether this terminal shows blocks.</summary>
    public static bool HasBlocks => TerminalQr.SpeaksUtf8(Environment.GetEnvironmentVariable);

    /// <summary>The line; "-" when there is no value at all.</summary>
    public static string Of(IReadOnlyList<double?>? values, bool blocks)
    {
        if (values is null || values.All(static v => v is null))
        {
            return "-";
        }

        string levels = blocks ? Blocks : Plain;
        double low = values.Min() ?? 0, high = values.Max() ?? 0, span = high - low;
        return string.Create(values.Count, (values, levels, low, span), static (line, given) =>
        {
            for (int i = 0; i < line.Length; i++)
            {
                // All alike: in the middle, for a flat line is neither high nor low.
                line[i] = given.values[i] is not { } value ? ' '
                    : given.span < 1e-9 ? given.levels[3]
                    : given.levels[Math.Min(7, (int)((value - given.low) / given.span * 8))];
            }
        });
    }
}
