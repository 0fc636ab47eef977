namespace MeshIoT.Stun;

/// <summary>Why a STUN datagram was not obeyed.</summary>
public enum StunFault
{
    /// <summary>It was.</summary>
    None,

    /// <summary>No STUN header, or its length says more than came.</summary>
    NotStun,

    /// <summary>STUN, but another kind of message than the one looked for.</summary>
    OtherType,

    /// <summary>An attribute reaches past the message, or an address is of no known family or of the wrong size.</summary>
    Malformed,

    /// <summary>The request does not call itself "tailnode": other STUN clients are not served.</summary>
    ForeignSoftware,

    /// <summary>The request does not end with a fingerprint, or its fingerprint is wrong.</summary>
    BadFingerprint,

    /// <summary>The response names no address.</summary>
    NoAddress,
}
