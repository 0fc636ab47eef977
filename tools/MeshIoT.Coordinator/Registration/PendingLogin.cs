using System;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>A machine that waits for a person to let it in. In memory only: after a restart it asks again.</summary>
/// <param name="Id">What the address of its login page ends in: 26 characters that cannot be guessed.</param>
/// <param name="Machine">The machine key that the handshake proved.</param>
/// <param name="Request">What it asked for; without its auth key.</param>
/// <param name="Remote">The address it asked from.</param>
/// <param name="Created">When it asked first.</param>
/// <param name="Expires">When it will have waited long enough.</param>
internal sealed record PendingLogin(string Id, MachinePublicKey Machine, RegisterRequest Request, string Remote, DateTimeOffset Created, DateTimeOffset Expires)
{
    /// <summary>What the machine calls itself; its own word, for people to read, at most 63 characters.</summary>
    public string Hostname => HostnameLabel.Of(Request.Hostinfo?.Hostname);

    /// <summary>Its operating system; its own word.</summary>
    public string Os => Request.Hostinfo?.OS is { Length: > 0 and <= 32 } os ? os : "unknown";

    /// <summary>Its machine key's short form, to compare with what the device shows.</summary>
    public string MachineShort => Machine.ShortString();

    /// <summary>Completes with the decision.</summary>
    internal TaskCompletionSource<LoginDecision> Decided { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public override string ToString() => $"login of {Hostname} {MachineShort} from {Remote}";
}
