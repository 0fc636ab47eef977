using MeshIoT.LocalApi;

namespace MeshIoT.Cli.Output;

/// <summary>What a sensor measured, as <c>sensor history --json</c> prints it.</summary>
/// <param name="Gateway">The gateway that has it.</param>
/// <param name="Name">Its name for people; null when the gateway has it no more.</param>
/// <param name="History">What it measured.</param>
internal sealed record HistoryAnswer(string Gateway, string? Name, HistoryDto History);
