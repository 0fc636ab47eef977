namespace MeshIoT.WireGuard;

/// <summary>What the caller must do with the bytes now in its output buffer.</summary>
public enum DeviceResult
{
    /// <summary>Nothing to send or deliver.</summary>
    Done,

    /// <summary>Send <see cref="WireGuardDevice.Written"/> bytes to <see cref="WireGuardDevice.Endpoint"/>, or by any path to <see cref="WireGuardDevice.Peer"/> when the endpoint is null.</summary>
    SendToNetwork,

    /// <summary>Hand <see cref="WireGuardDevice.Written"/> bytes, one IP packet, to the host.</summary>
    DeliverToHost,

    /// <summary>The input was dropped and counted; <see cref="WireGuardDevice.LastFault"/> says why.</summary>
    Rejected,
}
