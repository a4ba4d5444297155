using System.ComponentModel.DataAnnotations;
using DisruptorStream.Hosting.Durable;

namespace DisruptorStream.Hosting.Validation;

/// <summary>The secret of the hashes of keys; no message has it.</summary>
internal sealed class HashSecretAttribute : OptionValueAttribute
{
    public override string Allowed => "a text that is not empty";

    public override bool CanRead(string text) => text.Length > 0;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not string secret)
            return ValidationResult.Success;
        if (secret.Length == 0)
            return new ValidationResult($"{validationContext.DisplayName} must be {Allowed}.");
        return ((HostedFlightRecorderOptions)validationContext.ObjectInstance).HashKeys
            ? ValidationResult.Success
            : new ValidationResult(
                $"{validationContext.DisplayName} is set, and HashKeys is not: the recording would have the keys as "
                + "they are; set HashKeys too, or leave HashSecret out.");
    }
}
