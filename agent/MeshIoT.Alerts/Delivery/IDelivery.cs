using System;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Alerts.Delivery;

/// <summary>A way to tell people.</summary>
public interface IDelivery : IDisposable
{
    /// <summary>Its name, unique among the deliveries: what is waiting for it is kept under that name. "webhook ops", "e-mail".</summary>
    string Name { get; }

    /// <summary>Tells them.</summary>
    /// <returns>Null: done. Otherwise why not, without any secret; it is tried again.</returns>
    Task<string?> SendAsync(AlertMessage message, CancellationToken ct);
}
