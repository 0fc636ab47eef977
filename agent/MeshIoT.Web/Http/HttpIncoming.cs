using System.IO;

namespace MeshIoT.Web.Http;

/// <summary>A connection that has come in.</summary>
/// <param name="Stream">Its bytes.</param>
/// <param name="Caller">Who is at the other end.</param>
public sealed record HttpIncoming(Stream Stream, HttpCaller Caller);
