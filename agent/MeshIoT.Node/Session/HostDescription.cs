using System;
using System.IO;
using System.Runtime.InteropServices;
using MeshIoT.Health;
using MeshIoT.Node.State;
using MeshIoT.Tailcfg;

namespace MeshIoT.Node.Session;

/// <summary>What this node tells about itself: enough to be recognised in a list, and no more. control-plane.md section 5.4.</summary>
internal static class HostDescription
{
    const int LongestName = 63;

    /// <summary>This build's version.</summary>
    public static string Version { get; } =
        typeof(HostDescription).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The description sent to the coordinator.</summary>
    public static Hostinfo Create(NodeState state, TailnetNodeOptions options) => new()
    {
        Hostname = NameOf(state, options),
        App = "meshiot",
        IPNVersion = Version,
        OS = "linux",
        OSVersion = Environment.OSVersion.Version.ToString(3),
        Distro = Distribution(),
        Machine = RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "x86_64",
            Architecture.Arm64 => "aarch64",
            Architecture.Arm => "armv7l",
            Architecture other => other.ToString().ToLowerInvariant(),
        },
        GoArch = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "amd64",
            Architecture other => other.ToString().ToLowerInvariant(),
        },
        Userspace = options.Tun == TunMode.Userspace,
        RequestTags = NodeWishes.TagsOf(state, options) is { Count: > 0 } tags ? tags : null,
        RoutableIPs = state.AdvertiseRoutes is { Length: > 0 } routes ? routes : null,
    };

    /// <summary>The name to ask for.</summary>
    public static string NameOf(NodeState state, TailnetNodeOptions options) => state.Hostname ?? options.Hostname ?? DefaultName();

    /// <summary>The machine's own name, made fit to be a label of the tailnet.</summary>
    public static string DefaultName()
    {
        string name = Environment.MachineName.Split('.')[0].ToLowerInvariant();
        char[] label = Array.FindAll(name.ToCharArray(), static c => char.IsAsciiLetterOrDigit(c) || c == '-');
        string cleaned = new string(label).Trim('-');
        cleaned = cleaned.Length > LongestName ? cleaned[..LongestName].Trim('-') : cleaned;
        return cleaned.Length == 0 ? "meshiot" : cleaned;
    }

    /// <summary>Throws hostname-invalid unless the name is a label: letters, digits, dashes within. RFC 1123 section 2.1.</summary>
    public static void CheckName(string name)
    {
        bool good = name.Length is > 0 and <= LongestName
            && Array.TrueForAll(name.ToCharArray(), static c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && name[0] != '-' && name[^1] != '-';
        if (!good)
        {
            throw Faults.HostnameInvalid.With(name.Length > LongestName ? name[..LongestName] : name).ToException();
        }
    }

    static string? Distribution()
    {
        try
        {
            foreach (string line in File.ReadLines("/etc/os-release"))
            {
                if (line.StartsWith("ID=", StringComparison.Ordinal))
                {
                    return line[3..].Trim('"');
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A system that does not say what it is.
        }

        return null;
    }
}
