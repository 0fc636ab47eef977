using System;
using System.Text;

namespace MeshIoT.Sensors;

/// <summary>Makes stable sensor ids out of whatever names the kernel offers.</summary>
public static class SensorId
{
    /// <summary>Longest id.</summary>
    public const int MaxLength = 64;

    /// <summary>Joins <paramref name="parts"/> with dots, each folded to <c>a-z 0-9 _ -</c>; empty parts vanish.</summary>
    public static string From(params ReadOnlySpan<string> parts)
    {
        StringBuilder id = new();
        foreach (string part in parts)
        {
            string folded = Fold(part);
            if (folded.Length == 0)
            {
                continue;
            }

            if (id.Length > 0)
            {
                id.Append('.');
            }

            id.Append(folded);
        }

        if (id.Length > MaxLength)
        {
            id.Length = MaxLength;
        }

        return id.ToString();
    }

    static string Fold(string part)
    {
        StringBuilder text = new();
        foreach (char c in part)
        {
            char lower = char.ToLowerInvariant(c);
            if (lower is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')
            {
                text.Append(lower);
            }
            else if (text.Length > 0 && text[^1] != '_')
            {
                text.Append('_');
            }
        }

        return text.ToString().Trim('_');
    }
}
