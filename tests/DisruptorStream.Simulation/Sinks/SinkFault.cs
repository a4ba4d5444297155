namespace DisruptorStream.Simulation.Sinks;

/// <summary>Which clause of the contract a simulated sink breaks.</summary>
internal enum SinkFault
{
    None = 0,

    /// <summary>The position is stored first: what is killed then is lost.</summary>
    PositionFirst,

    /// <summary>The rows are stored first: what is killed then is doubled.</summary>
    RowsFirst,

    /// <summary>It says that it holds one result more.</summary>
    SaysTooMuch,

    /// <summary>It says that it holds one result less, and does not notice the repeat.</summary>
    SaysTooLittle,

    /// <summary>It is killed in a write, and the write counts as done.</summary>
    KillSwallowed,

    /// <summary>Who opens it loses the last result, and is not told.</summary>
    SetBackHidden,
}
