using System;

namespace MeshIoT.Sensors.IotBindings;

/// <summary>One value of a binding.</summary>
/// <typeparam name="T">The binding's class.</typeparam>
/// <param name="Quantity">What is measured, in Home Assistant's words; the last part of its id where there are several.</param>
/// <param name="Unit">The unit that <paramref name="Read"/> gives.</param>
/// <param name="Read">Reads it; whatever it throws becomes a fault, NaN says that there is no value now.</param>
public sealed record IotValue<T>(string Quantity, string Unit, Func<T, double> Read);
