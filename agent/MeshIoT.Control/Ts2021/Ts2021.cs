using System.Globalization;
using System.Text;

namespace MeshIoT.Control;

/// <summary>Names and numbers of the ts2021 transport. control-plane.md section 3.</summary>
public static class Ts2021
{
    /// <summary>Path of the upgrade request.</summary>
    public const string Path = "/ts2021";

    /// <summary>Value of the Upgrade header.</summary>
    public const string UpgradeProtocol = "tailscale-control-protocol";

    /// <summary>Header that carries the first handshake message in base64.</summary>
    public const string HandshakeHeader = "X-Tailscale-Handshake";

    /// <summary>First message with its header: version, type, length, Noise.</summary>
    public const int InitiationSize = InitiationHeaderSize + NoiseHandshake.InitiationSize;

    /// <summary>Second message with its header: type, length, Noise.</summary>
    public const int ResponseSize = FrameHeaderSize + NoiseHandshake.ResponseSize;

    /// <summary>Lowest capability version that may get an early payload.</summary>
    public const int EarlyPayloadVersion = 49;

    internal const int InitiationHeaderSize = 5, FrameHeaderSize = 3;
    internal const byte InitiationType = 1, ResponseType = 2, ErrorType = 3;

    /// <summary>Binds the version that travels in clear into the handshake.</summary>
    internal static byte[] Prologue(int version) =>
        Encoding.ASCII.GetBytes("Tailscale Control Protocol v" + version.ToString(CultureInfo.InvariantCulture));
}
