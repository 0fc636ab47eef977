using System;
using System.Linq;
using MeshIoT.Crypto;
using MeshIoT.Provisioning;

namespace MeshIoT.Coordinator;

/// <summary>What nodes must know to find this coordinator and be sure of it.</summary>
internal sealed record ServerIdentity(MachinePublicKey ServerKey, string BaseDomain)
{
    /// <summary>Where nodes log in; null until the listener is up, and for good when there is no address to print.</summary>
    public Uri? LoginServer { get; set; }

    public ServerKeyPin Pin { get; } = ServerKeyPin.Of(ServerKey);

    /// <summary>The text for a QR code, or the bare claim in groups where no code can name this server.</summary>
    public string CodeFor(Claim claim) =>
        LoginServer is { } url && IsWhatCodeMeans(url)
            ? ProvisioningText.Format(url.IdnHost, url.IsDefaultPort ? 0 : url.Port, claim, Pin)
            : claim.ExportGroups();

    /// <summary>True when a device that reads host and port from a code would arrive at <paramref name="url"/>.</summary>
    public static bool IsWhatCodeMeans(Uri url) =>
        Provisioning.LoginServer.IsCodeHost(url.IdnHost) && url.Scheme == Provisioning.LoginServer.UrlOf(url.IdnHost).Scheme;

    public ServerDto ToDto(Tailnet tailnet) => new()
    {
        LoginServer = LoginServer?.ToString(),
        ServerKey = ServerKey.ToString(),
        Pin = Pin.ToString(),
        BaseDomain = BaseDomain,
        Version = typeof(ServerIdentity).Assembly.GetName().Version?.ToString(3) ?? "0",
        Nodes = tailnet.Nodes.Count,
        Online = tailnet.Nodes.Values.LongCount(n => n.Online),
    };
}
