using System.ComponentModel.DataAnnotations;
using DisruptorStream.Durability;
using DisruptorStream.Hosting.Durable;

namespace DisruptorStream.Hosting.Validation;

/// <summary>What a failed sync leads to, beside the mode.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SyncFailureModeAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var mode = ((HostedDurabilityOptions)validationContext.ObjectInstance).Mode;
        if (value is not SyncFailurePolicy.Reseat || mode == DurabilityMode.Sync)
            return ValidationResult.Success;
        return new ValidationResult(
            $"{validationContext.DisplayName} is {value}, and Mode is {mode}: what may be lost is no longer in the "
            + "ring then; set Mode to Sync, or leave OnSyncFailure at Stop.");
    }
}
