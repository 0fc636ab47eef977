namespace MeshIoT.Coordinator;

/// <summary>Hears of every change that netmaps can show.</summary>
internal interface ITailnetObserver
{
    /// <summary>Called on the writer's thread, after the change is durable and published.</summary>
    void Published(TailnetEdit edit);
}
