/**
 * SMS by Tencent Cloud. The text is a template that the vendor has approved; a message fills its numbered variables.
 *
 * Rules: cloud.tencent.com/document/product/382/55981 (SendSms of version 2021-01-11, a status for each number) and
 * /59177 (variables of at most 12 characters for some templates); by default one number gets 1 message in 30 seconds,
 * 5 an hour and 10 a day.
 */
import { z } from 'zod';
import { defineChannel, refused } from './channel.ts';
import { tc3Authorization } from './cloud-signature.ts';
import { byCode, exchange, jsonOf, MINUTE_MS, unreadable, type Verdict } from './exchange.ts';
import { baseUrl, internationalNumber, placeName, variable } from './shapes.ts';
import { shortened } from './template.ts';

const address = 'https://sms.tencentcloudapi.com';

const verdicts: Readonly<Record<string, Verdict>> = {
  Ok: 'delivered',
  'LimitExceeded.PhoneNumberThirtySecondLimit': { waitMs: MINUTE_MS },
  'LimitExceeded.PhoneNumberOneHourLimit': { waitMs: 60 * MINUTE_MS },
  'LimitExceeded.DeliveryFrequencyLimit': { waitMs: MINUTE_MS },
  RequestLimitExceeded: { waitMs: MINUTE_MS },
  'LimitExceeded.PhoneNumberDailyLimit': 'never',
  'LimitExceeded.PhoneNumberSameContentDailyLimit': 'never',
  'LimitExceeded.AppDailyLimit': 'never',
  'LimitExceeded.DailyLimit': 'never',
  'FailedOperation.InsufficientBalanceInSmsPackage': 'never',
  'FailedOperation.PhoneNumberInBlacklist': 'never',
  'FailedOperation.SignatureIncorrectOrUnapproved': 'never',
  'FailedOperation.TemplateIncorrectOrUnapproved': 'never',
  'FailedOperation.TemplateParamSetNotMatchApprovedTemplate': 'never',
  'FailedOperation.ContainSensitiveWord': 'never',
  'InvalidParameterValue.IncorrectPhoneNumber': 'never',
  'InvalidParameterValue.TemplateParameterFormatError': 'never',
  'InvalidParameterValue.TemplateParameterLengthLimit': 'never',
  'AuthFailure.SignatureFailure': 'never',
  'AuthFailure.SecretIdNotFound': 'never',
  'AuthFailure.SignatureExpire': 'never',
  'AuthFailure.UnauthorizedOperation': 'never',
  UnauthorizedOperation: 'never',
  'UnauthorizedOperation.SmsSdkAppIdVerifyFail': 'never',
};

const contentType = 'application/json; charset=utf-8';

export const smsTencent = defineChannel({
  kind: 'sms-tencent',
  settings: z.strictObject({
    kind: z.literal('sms-tencent').describe('SMS by Tencent Cloud.'),
    secretIdEnv: variable.describe('Environment variable with the SecretId.'),
    secretKeyEnv: variable.describe('Environment variable with the SecretKey.'),
    appId: z.string().min(1).describe('SmsSdkAppId.'),
    signName: z.string().min(1).describe('Approved signature.'),
    templateId: z.string().min(1).describe('Approved template.'),
    variables: z.array(placeName).describe('Places that fill {1}, {2} … of the approved template, in order.'),
    variableLength: z.int().min(2).max(200).optional().describe('Characters a variable may have; 12 when left out.'),
    region: z.string().min(1).optional().describe('ap-guangzhou when left out.'),
    baseUrl: baseUrl(address),
  }),
  format: 'plain',
  limits: { max: 300, unit: 'characters', perMinute: null },
  costly: true,
  baseUrl: (settings) => settings.baseUrl ?? address,
  async send({ key, to, values }, { settings, secret }, tools) {
    const [secretId, secretKey] = [secret(settings.secretIdEnv), secret(settings.secretKeyEnv)];
    const number = internationalNumber(to);
    if (number === null) return refused('notify-bad-number', { vendor: 'Tencent' });
    const url = new URL('/', settings.baseUrl ?? address);
    const length = (settings.variableLength ?? 12) - 1;
    const body = JSON.stringify({
      PhoneNumberSet: [`+${number}`],
      SmsSdkAppId: settings.appId,
      SignName: settings.signName,
      TemplateId: settings.templateId,
      TemplateParamSet: settings.variables.map((place) => shortened(values[place] ?? '', length)),
      SessionContext: key,
    });
    const timestamp = Math.floor(tools.now.getTime() / 1000);
    const request = {
      method: 'POST',
      url: url.href,
      headers: {
        'content-type': contentType,
        host: url.host,
        'x-tc-action': 'SendSms',
        'x-tc-version': '2021-01-11',
        'x-tc-region': settings.region ?? 'ap-guangzhou',
        'x-tc-timestamp': String(timestamp),
        authorization: tc3Authorization(
          { service: 'sms', host: url.host, action: 'SendSms', contentType, body, timestamp },
          secretId,
          secretKey,
        ),
      },
      body,
    } as const;
    return await exchange(tools, request, [secretId, secretKey], (reply) => {
      const response = jsonOf(reply)?.Response as
        | { readonly Error?: Status; readonly SendStatusSet?: readonly Status[] }
        | undefined;
      const status = response?.Error ?? response?.SendStatusSet?.[0];
      return typeof status?.Code === 'string'
        ? byCode('Tencent', status.Code, status.Message, verdicts)
        : unreadable(reply, url.host);
    });
  },
});

interface Status {
  readonly Code?: unknown;
  readonly Message?: unknown;
}
