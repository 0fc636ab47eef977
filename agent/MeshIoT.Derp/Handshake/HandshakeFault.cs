namespace MeshIoT.Derp;

/// <summary>Why a handshake between client and relay did not come about.</summary>
public enum HandshakeFault
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>A frame that cannot be what it claims: magic, length or JSON.</summary>
    Malformed,

    /// <summary>The box does not open: the other side does not hold the key it names, or the bytes were changed.</summary>
    NotGenuine,

    /// <summary>A key that nobody can hold the private half of in secret.</summary>
    BadKey,

    /// <summary>Not the frame that is due.</summary>
    OutOfOrder,
}
