using System;
using System.Net;
using MeshIoT.Cli.Output;
using MeshIoT.Health;
using MeshIoT.LocalApi;
using MeshIoT.Provisioning;

namespace MeshIoT.Cli.Coordinator;

/// <summary>Where a coordinator's administration is: a Unix socket of this machine, or a URL with an API token.</summary>
/// <param name="SocketPath">The socket; null for a URL.</param>
/// <param name="Url">The URL; null for a socket.</param>
internal sealed record CoordinatorAddress(string? SocketPath, Uri? Url)
{
    /// <summary>Reads what <c>--coordinator</c> names; without it MESHIOT_COORDINATOR, else the local socket.</summary>
    /// <exception cref="FaultException">It begins like a URL and is none that may be used.</exception>
    public static CoordinatorAddress Read(string? given)
    {
        given ??= Environment.GetEnvironmentVariable("MESHIOT_COORDINATOR") is { Length: > 0 } inherited ? inherited : null;
        if (given is null)
        {
            return new(SocketPaths.Coordinator(), null);
        }

        if (!given.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !given.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return new(given, null);
        }

        if (!Uri.TryCreate(given, UriKind.Absolute, out Uri? url) || url.UserInfo.Length + url.Query.Length + url.Fragment.Length > 0 || url.AbsolutePath != "/")
        {
            throw Faults.OptionMalformed.With("--coordinator", given, "http://HOST[:PORT], https://HOST[:PORT] or the path of a socket").ToException();
        }

        // A token must not leave this machine readable by others.
        bool isPrivate = url.Host == "localhost" || (IPAddress.TryParse(url.DnsSafeHost, out IPAddress? address) && LoginServer.IsPrivate(address));
        return url.Scheme == "https" || isPrivate ? new(null, url) : throw Faults.SecretOverPlainHttp.With().ToException();
    }

    /// <summary>The API token for a URL: from the file (<c>-</c>: standard input), else MESHIOT_TOKEN.</summary>
    /// <exception cref="FaultException">There is none.</exception>
    public string ReadToken(string? file) =>
        file is not null ? Secret.Read(file == "-" ? "-" : "file:" + file, "--token-file")
        : Environment.GetEnvironmentVariable("MESHIOT_TOKEN") is { Length: > 0 } inherited ? inherited.Trim()
        : throw Faults.CoordinatorTokenMissing.With(Url).ToException();
}
