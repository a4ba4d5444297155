namespace DisruptorStream.Cli.Output;

/// <summary>What a query writes into a column of an output.</summary>
internal enum CellKind
{
    /// <summary>Nothing: another query has the column.</summary>
    None,

    /// <summary>The name of the query.</summary>
    Query,

    /// <summary>A part of the key.</summary>
    Key,

    /// <summary>Where the window begins.</summary>
    Start,

    /// <summary>Where the window ends.</summary>
    End,

    /// <summary>When the pane was shown.</summary>
    Pane,

    /// <summary>An aggregate.</summary>
    Value,
}
