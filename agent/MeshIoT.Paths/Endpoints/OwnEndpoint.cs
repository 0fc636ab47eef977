using System.Net;
using MeshIoT.Tailcfg;

namespace MeshIoT.Paths.Endpoints;

/// <summary>Where peers may reach this node, and how it came to know that.</summary>
public readonly record struct OwnEndpoint(IPEndPoint Address, EndpointType Type);
