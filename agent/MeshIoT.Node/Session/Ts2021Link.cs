using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Control;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;

namespace MeshIoT.Node.Session;

/// <summary>A coordinator over ts2021. control-plane.md section 3.</summary>
internal sealed class Ts2021Link : CoordinatorLink
{
    readonly ControlClient client;

    /// <summary>Dials nothing yet; each socket is shown to <paramref name="prepare"/> before it connects.</summary>
    public Ts2021Link(CoordinatorAddress address, RandomSource random, Action<Socket>? prepare) => client = new ControlClient(new ControlOptions(
        address.LoginServer, address.MachineKey, address.PinnedServerKey, address.AcceptServerKey, new SodiumSuite(), random) { PrepareSocket = prepare });

    /// <inheritdoc/>
    public override Task<RegisterResponse> RegisterAsync(RegisterRequest request, CancellationToken ct) => client.RegisterAsync(request, ct);

    /// <inheritdoc/>
    public override Task StreamMapAsync(MapRequest request, Func<MapFrame, CancellationToken, ValueTask> onFrame, CancellationToken ct) =>
        client.StreamMapAsync(request, onFrame, ct);

    /// <inheritdoc/>
    public override Task SendUpdateAsync(MapRequest request, CancellationToken ct) => client.SendUpdateAsync(request, ct);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => client.DisposeAsync();
}
