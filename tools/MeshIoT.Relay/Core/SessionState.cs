namespace MeshIoT.Relay;

/// <summary>How far a connection has come.</summary>
internal enum SessionState
{
    /// <summary>TLS is being agreed on.</summary>
    Tls,

    /// <summary>HTTP requests; one of them may ask for DERP.</summary>
    Http,

    /// <summary>The client has to prove its key.</summary>
    Proof,

    /// <summary>Somebody is asked whether the key may come in.</summary>
    Admission,

    /// <summary>Packets.</summary>
    Relaying,

    /// <summary>Over.</summary>
    Closed,
}
