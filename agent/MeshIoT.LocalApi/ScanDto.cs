using System.Collections.Generic;

namespace MeshIoT.LocalApi;

/// <summary>Body of <c>POST /localapi/v0/sensors/scan</c>.</summary>
public sealed record ScanRequestDto
{
    /// <summary>I2C buses to look at, such as <c>i2c-1</c>; empty or absent: all, and what the kernel shows of 1-Wire and IIO.</summary>
    public IReadOnlyList<string>? Buses { get; init; }
}

/// <summary>Its answer.</summary>
/// <param name="Buses">The I2C buses that were probed.</param>
/// <param name="Found">What was found.</param>
/// <param name="Faults">Buses that could not be probed.</param>
public sealed record ScanDto(IReadOnlyList<string> Buses, IReadOnlyList<FoundDto> Found, IReadOnlyList<FaultDto> Faults);

/// <summary>Something that a scan found.</summary>
public sealed record FoundDto
{
    /// <summary>i2c-1, w1, iio.</summary>
    public required string Bus { get; init; }

    /// <summary>I2C address; absent on other buses.</summary>
    public int? Address { get; init; }

    /// <summary>new, likely (the address alone speaks for the driver), unknown, configured, kernel.</summary>
    public required string State { get; init; }

    /// <summary>The driver for it.</summary>
    public string? Driver { get; init; }

    /// <summary>True when the driver is an output (a display): it is no [[sensor]].</summary>
    public bool IsOutput { get; init; }

    /// <summary>A free id for its entry, or the id that reads it already.</summary>
    public string? Id { get; init; }

    /// <summary>What more there is to say.</summary>
    public string? Note { get; init; }
}
