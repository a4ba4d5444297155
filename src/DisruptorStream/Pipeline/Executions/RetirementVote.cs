using DisruptorStream.Identities;
using DisruptorStream.Rings;

namespace DisruptorStream.Pipeline.Executions;

/// <summary>Lets all threads that keep state for the keys of a column decide together on each that is to go.</summary>
internal sealed class RetirementVote
{
    private readonly IKeyLifetime _keys;
    private readonly SlotMeeting _meeting;
    private readonly RingFault _fault;
    private bool _isHeld;
    private bool _isRetired;

    /// <param name="keys">The keys.</param>
    /// <param name="voters">The threads.</param>
    /// <param name="fault">The fault of the pipeline.</param>
    public RetirementVote(IKeyLifetime keys, int voters, RingFault fault)
    {
        _keys = keys;
        _fault = fault;
        _meeting = new SlotMeeting(voters, fault);
    }

    /// <summary>Waits for the others at the slot of a key, and returns whether it is retired.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="sequence">The slot.</param>
    /// <param name="isHeld">Whether it has to stay for this thread.</param>
    public bool Decide(int keyId, long sequence, bool isHeld)
    {
        // The lock of the meeting shows it to the one that comes last.
        if (isHeld)
            _isHeld = true;
        if (_meeting.Attend())
        {
            _isRetired = _keys.TryRetire(keyId, sequence, _isHeld);
            _isHeld = false;
            _meeting.Adjourn();
        }

        return _isRetired && !_fault.IsFaulted;
    }
}
