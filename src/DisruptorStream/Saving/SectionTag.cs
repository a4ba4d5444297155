namespace DisruptorStream.Saving;

/// <summary>What a section of a saved state holds. A number is never used for anything else.</summary>
internal enum SectionTag
{
    /// <summary>No section.</summary>
    None = 0,

    /// <summary>Behind all others: how many there were.</summary>
    End = 1,

    /// <summary>Clock, watermark and counts of window assignment.</summary>
    Assignment = 2,

    /// <summary>The sources and their watermarks.</summary>
    Watermarks = 3,

    /// <summary>The slices that are open, of all shards.</summary>
    OpenSlices = 4,

    /// <summary>When each key last had state.</summary>
    KeyActivity = 5,

    /// <summary>What the shards count, and how many failures there were.</summary>
    ShardCounts = 6,

    /// <summary>Records of keys in shared slices.</summary>
    Slices = 7,

    /// <summary>Pane counters of complete windows that late events reached.</summary>
    LatePanes = 8,

    /// <summary>Records of keys in windows that have state of their own.</summary>
    Windows = 9,

    /// <summary>Sessions, with the panes that they may have to withdraw.</summary>
    Sessions = 10,

    /// <summary>What the numbers of keys, sources and symbols stand for.</summary>
    Ledger = 11,

    /// <summary>How much was delivered.</summary>
    Delivery = 12,

    /// <summary>The keys whose empty windows are filled, and which have been.</summary>
    FilledGaps = 13,

    /// <summary>How far gaps are filled at the end of the input.</summary>
    NewestSlice = 14,

    /// <summary>What the jump guard knows of the sources, and the events that it holds.</summary>
    JumpGuard = 15,

    /// <summary>Panes of windows that have not expired, of which the best are shown.</summary>
    RankedPanes = 16,

    /// <summary>Panes of another query, kept because later ones may take their place.</summary>
    KeptPanes = 30,

    /// <summary>The time of each key, where each has its own.</summary>
    KeyTimes = 31,

    /// <summary>The time zone of each key, where each has its own.</summary>
    KeyZones = 32,

    /// <summary>How far silences are told at the end of the input.</summary>
    Silences = 33,

    /// <summary>Up to where a journal is in the state, and what of it waits for later slots.</summary>
    Journal = 34,

    /// <summary>What a processor is.</summary>
    Plan = 35,

    /// <summary>The name of a query, whose sections follow.</summary>
    Query = 36,

    /// <summary>The sections that follow are of no query.</summary>
    NoQuery = 37,
}
