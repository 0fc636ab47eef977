using System;
using System.Text;

namespace MeshIoT.Coordinator;

/// <summary>
/// Makes one DNS label of whatever a machine calls itself, as every Tailscale server does it:
/// known local suffixes off, separators to dashes, other characters away, lower case, at most 63, letters or digits at both ends.
/// </summary>
internal static class HostnameLabel
{
    public const int MaxLength = 63;

    const int MaxLookedAt = 1024;

    /// <summary>The label for <paramref name="hostname"/>; <c>node</c> when nothing of it is left.</summary>
    public static string Of(string? hostname)
    {
        ReadOnlySpan<char> name = hostname.AsSpan(0, Math.Min(hostname?.Length ?? 0, MaxLookedAt)).Trim();
        foreach (string suffix in (ReadOnlySpan<string>)[".localdomain", ".local", ".lan"])
        {
            if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                name = name[..^suffix.Length];
                break;
            }
        }

        StringBuilder label = new(MaxLength);
        foreach (char c in name)
        {
            if (label.Length == MaxLength)
            {
                break;
            }

            if (char.IsAsciiLetterOrDigit(c))
            {
                label.Append(char.ToLowerInvariant(c));
            }
            else if (c is '-' or ' ' or '.' or '@' or '_' && label.Length > 0)
            {
                label.Append('-');
            }
        }

        string trimmed = label.ToString().Trim('-');
        return trimmed.Length == 0 ? "node" : trimmed;
    }

    /// <summary><paramref name="label"/> with <c>-1</c>, <c>-2</c> … behind it until <paramref name="isFree"/>.</summary>
    public static string Distinct(string label, Func<string, bool> isFree)
    {
        string candidate = label;
        for (int n = 1; !isFree(candidate); n++)
        {
            string suffix = "-" + n.ToString(System.Globalization.CultureInfo.InvariantCulture);
            candidate = label[..Math.Min(label.Length, MaxLength - suffix.Length)].TrimEnd('-') + suffix;
        }

        return candidate;
    }
}
