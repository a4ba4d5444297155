namespace DisruptorStream.Properties.Model;

/// <summary>A pane that may have to be withdrawn.</summary>
internal sealed record EmittedPane(long Start, long End, long Count, long Sum, int Index);
