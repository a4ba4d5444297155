namespace DisruptorStream.Tests.Ingest.Keys;

/// <summary>What may be done with a key table.</summary>
internal enum KeyTableAct
{
    Intern,
    TryGet,
    Pin,
    Unpin,
    Mark,
    Retire,
    Release,
}
