namespace MeshIoT.Tailcfg;

/// <summary>Something the server asks of a running node. control-plane.md section 5.8.</summary>
public sealed record PingRequest
{
    /// <summary>Where the answer goes; a repeated one is ignored.</summary>
    public string? URL { get; set; }

    /// <summary>The answer goes over Noise.</summary>
    public bool URLIsNoise { get; set; }

    /// <summary>The node should log that it was asked.</summary>
    public bool Log { get; set; }

    /// <summary>Null: HEAD the URL. Else <c>c2n</c>, or a comma list of ping kinds.</summary>
    public string? Types { get; set; }

    /// <summary>Whom to ping.</summary>
    public string? IP { get; set; }

    /// <summary>For <c>c2n</c>: the text of an HTTP/1 request.</summary>
    public byte[]? Payload { get; set; }
}
