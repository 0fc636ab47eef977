using System.Net;

namespace MeshIoT.Web.Http;

/// <summary>Who asks.</summary>
/// <param name="Door">By which door.</param>
/// <param name="Address">From which address; null at <see cref="HttpDoor.Local"/>.</param>
public readonly record struct HttpCaller(HttpDoor Door, IPAddress? Address);
