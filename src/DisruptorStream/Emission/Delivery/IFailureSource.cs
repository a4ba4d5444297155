using DisruptorStream.State.Panes;

namespace DisruptorStream.Emission.Delivery;

/// <summary>Gives what user code threw in a failed window.</summary>
/// <remarks>Asked by the emitting thread, once for each row of a failed window.</remarks>
internal interface IFailureSource
{
    /// <param name="keyId">Tells which shard the window belongs to.</param>
    /// <param name="failureIndex">The row's <see cref="ResultHeader.FailureIndex"/>, 0 or above.</param>
    Exception FailureOf(int keyId, int failureIndex);
}
