namespace MeshIoT.Control;

/// <summary>What can be wrong with bytes of the Noise transport. control-plane.md section 3.1.</summary>
public enum NoiseFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The request does not ask for the control protocol (Upgrade header).</summary>
    NotAnUpgrade,

    /// <summary>The handshake header is missing or not base64.</summary>
    NoHandshake,

    /// <summary>A handshake message has the wrong size, type or length field.</summary>
    Malformed,

    /// <summary>A handshake message is not genuine: made for another key, or changed on its way.</summary>
    NotGenuine,

    /// <summary>The other side answered with an error in clear text; a hint at most, it is not authenticated.</summary>
    Refused,

    /// <summary>A frame that is no record, or one whose length field is out of bounds.</summary>
    BadRecord,

    /// <summary>A record that does not open: changed, repeated or out of order.</summary>
    RecordNotGenuine,

    /// <summary>The connection ended within a handshake message or a record.</summary>
    CutOff,

    /// <summary>The early payload is longer than allowed.</summary>
    EarlyPayloadTooLong,

    /// <summary>An earlier write failed half-way; nothing can follow it.</summary>
    BrokenWrite,
}
