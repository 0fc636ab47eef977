namespace MeshIoT.Web.Http;

/// <summary>By which door a request came in: what the caller's address is worth depends on it.</summary>
public enum HttpDoor
{
    /// <summary>The unix socket of this machine: who may open it may do all of it.</summary>
    Local,

    /// <summary>The tailnet address: WireGuard has proved the caller's address, and policy has let it in.</summary>
    Tailnet,

    /// <summary>An address outside the tailnet: the caller's address proves nothing.</summary>
    Outside,
}
