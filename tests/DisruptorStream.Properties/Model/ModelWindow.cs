namespace DisruptorStream.Properties.Model;

/// <summary>What the model keeps of one window, or session, of one key.</summary>
internal sealed class ModelWindow
{
    public required string Key { get; init; }

    public required long Start { get; set; }

    public required long End { get; set; }

    /// <summary>It has fired on time, or was created when that was over.</summary>
    public bool IsCompleted { get; set; }

    public long Count { get; set; }

    public long Sum { get; set; }

    public long CountSincePane { get; set; }

    public long SumSincePane { get; set; }

    /// <summary>The clock at the first event since the last pane; null when there is none.</summary>
    public long? FirstSincePane { get; set; }

    public int NextIndex { get; set; }

    /// <summary>Panes that have been emitted and not withdrawn.</summary>
    public List<EmittedPane> Standing { get; } = [];

    public void Add(long value, long clock)
    {
        Count++;
        Sum += value;
        CountSincePane++;
        SumSincePane += value;
        FirstSincePane ??= clock;
    }

    /// <summary>Rule 24: counts and values add, the earliest delay wins, the index goes on from the highest.</summary>
    public void Absorb(ModelWindow other)
    {
        Start = Math.Min(Start, other.Start);
        End = Math.Max(End, other.End);
        Count += other.Count;
        Sum += other.Sum;
        CountSincePane += other.CountSincePane;
        SumSincePane += other.SumSincePane;
        if (other.FirstSincePane is { } first)
            FirstSincePane = FirstSincePane is { } own ? Math.Min(own, first) : first;
        NextIndex = Math.Max(NextIndex, other.NextIndex);
        Standing.AddRange(other.Standing);
    }
}
