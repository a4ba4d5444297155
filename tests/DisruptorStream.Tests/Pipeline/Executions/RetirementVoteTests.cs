using DisruptorStream.Identities;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Pipeline.Executions;

/// <summary>A key goes where nobody keeps it, and all are told the same.</summary>
public sealed class RetirementVoteTests
{
    private const int Voters = 3;

    private readonly RingFault _fault = new();
    private readonly Keys _keys = new();

    [Fact]
    public void Decide_AnyVotes_AllHearWhatIsDecidedOnce()
    {
        var vote = new RetirementVote(_keys, Voters, _fault);
        var voters = -1;
        SlotMeetingTests.Run(Voters, () =>
        {
            var me = Interlocked.Increment(ref voters);
            for (var key = 0; key < 1 << Voters; key++)
                Assert.Equal(key == 0, vote.Decide(key, sequence: 10 + key, isHeld: (key >> me & 1) != 0));
        });

        Assert.Equal(
            Enumerable.Range(0, 1 << Voters).Select(key => (key, 10L + key, key != 0)), _keys.Asked);
    }

    /// <summary>An event of the key may have taken its mark back.</summary>
    [Fact]
    public void Decide_MarkWasTakenBack_KeyStaysForAll()
    {
        _keys.IsMarked = false;
        var vote = new RetirementVote(_keys, Voters, _fault);
        SlotMeetingTests.Run(Voters, () => Assert.False(vote.Decide(0, sequence: 5, isHeld: false)));
    }

    [Fact]
    public void Decide_PipelineHasEnded_KeyStays()
    {
        var vote = new RetirementVote(_keys, Voters, _fault);
        _fault.TryStop();
        Assert.False(vote.Decide(0, sequence: 5, isHeld: false));
        Assert.Empty(_keys.Asked);
    }

    private sealed class Keys : IKeyLifetime
    {
        public List<(int KeyId, long Sequence, bool IsHeld)> Asked { get; } = [];

        public bool IsMarked { get; set; } = true;

        public int IdRange => 8;

        public bool TryMarkRetiring(int keyId) => true;

        public bool TryRetire(int keyId, long sequence, bool isHeld = false)
        {
            Asked.Add((keyId, sequence, isHeld));
            return IsMarked && !isHeld;
        }
    }
}
