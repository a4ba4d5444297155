namespace DisruptorStream.Durability;

/// <summary>What happens where a directory holds the state of another plan than the processor has.</summary>
public enum PlanChangePolicy
{
    /// <summary>The processor is not built, and the message says what differs. Nothing is changed.</summary>
    Refuse = 0,

    /// <summary>
    /// What is the same goes on, new queries and metrics begin empty, and the state of removed ones is given up for
    /// good. What cannot be is refused all the same.
    /// </summary>
    Apply = 1,
}
