namespace DisruptorStream.Windows.Silences;

/// <summary>What a pane says of the silence of its key.</summary>
public enum SilenceChange
{
    /// <summary>Nothing: its query does not ask for silences.</summary>
    None = 0,

    /// <summary>No event of the key came for the time that was asked for.</summary>
    Started = 1,

    /// <summary>The key has an event again.</summary>
    Ended = 2,
}
