namespace DisruptorStream.Tests.Ingest.Replay;

/// <summary>What may happen to keys, sources and symbols.</summary>
internal enum HistoryAct
{
    Intern,
    InternMore,
    Pin,
    Unpin,
    Mark,
    Retire,
    RetireHeld,
    Release,
    AddSource,
    RemoveSource,
    AddSymbol,
}
