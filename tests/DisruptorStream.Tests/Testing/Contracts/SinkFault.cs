namespace DisruptorStream.Tests.Testing.Contracts;

/// <summary>A clause that a sink breaks.</summary>
public enum SinkFault
{
    None = 0,
    StartsAtOne,
    PositionNotStored,
    RepeatDoubles,
    GapAccepted,
    RowsBeforePosition,
    PositionBeforeRows,
    FailureSwallowed,
    OutcomeAssumed,
    CancelTears,
    NoFence,
    OldEpochOpens,
    FenceCheckedTooEarly,
    SameOwnerRefused,
    OtherStreamAccepted,
    SetBackHidden,
    LossHidden,
    OrdinaryMovesPosition,
}
